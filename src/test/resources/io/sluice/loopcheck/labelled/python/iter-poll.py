for state in iter(get_state, "done"):
    print(state)
