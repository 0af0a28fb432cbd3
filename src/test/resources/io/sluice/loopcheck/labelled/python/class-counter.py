class Parser:
    def step(self):
        self.pos += 1

    def run(self):
        while self.pos < self.size:
            self.step()
