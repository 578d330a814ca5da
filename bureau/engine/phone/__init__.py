"""What people do on their own phones: begin a service before they come, by the same file as at the terminal."""
