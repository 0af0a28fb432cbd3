token = None
while True:
    page, token = client.list(token)
    handle(page)
    if not token:
        break
