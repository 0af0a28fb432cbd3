while (True):
    work()
