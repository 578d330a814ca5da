"""The remote officer (远程帮办): conversations with people at terminals, and those who are called back."""
