"""What the QR code of a session opens."""
