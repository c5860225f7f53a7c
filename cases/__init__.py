"""What staff publish: cases, their notices, texts, letters and the officials they address."""
