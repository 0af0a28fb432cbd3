while True:  # sluice:allow H11
    work()
