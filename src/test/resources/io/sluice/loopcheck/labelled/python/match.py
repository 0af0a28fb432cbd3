while True:
    command = input()
    match command:
        case "quit":
            break
        case _:
            handle(command)
