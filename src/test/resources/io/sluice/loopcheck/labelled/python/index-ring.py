i = 0
while True:
    probe(servers[i % len(servers)])
    i += 1
