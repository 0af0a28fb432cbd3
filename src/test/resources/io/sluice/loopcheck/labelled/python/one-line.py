while True: work()
