"""What solar, a battery and a car would have done, asked with sliders."""
