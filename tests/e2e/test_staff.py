"""Staff at work in the admin of the whole running site: a case from an empty form to the public and to a stop."""
