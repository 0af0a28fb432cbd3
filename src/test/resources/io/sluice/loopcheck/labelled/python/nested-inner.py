for host in hosts:
    while not reachable(host):
        sleep(1)
