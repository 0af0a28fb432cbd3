node = head
while node is not None:
    print(node.value)
    node = node.next
