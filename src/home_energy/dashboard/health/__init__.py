"""What is wrong and what to do about it; also for the API and `doctor`."""
