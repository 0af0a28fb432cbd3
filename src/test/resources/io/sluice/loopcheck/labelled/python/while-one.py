while 1:
    work()
