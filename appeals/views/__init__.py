"""The pages on which supporters act."""
