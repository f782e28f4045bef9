"""What follows a course: certificates, the evaluation, the tasks; for HR and for each person."""
