"""The source: bytes of a YAML file or a workbook become a checked `CoursePlan`, or a list of problems."""
