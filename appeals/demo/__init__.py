"""The cases that `load_demo` makes: one real, four invented. One module a case."""
