"""The tax school (税务学堂): courses of ``config/school`` held in the halls, seats in them, and what people thought."""
