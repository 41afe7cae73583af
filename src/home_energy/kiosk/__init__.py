"""The browser on the fridge, and who starts it anew when its page falls silent."""
