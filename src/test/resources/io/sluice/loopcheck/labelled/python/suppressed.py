while True:  # sluice:allow H11 ended by the supervisor
    work()
