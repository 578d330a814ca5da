"""The pages anybody may open: is this certificate genuine, what became of my slip."""
