changed = True
while changed:
    changed = False
    for rule in rules:
        if rule.apply():
            changed = True
