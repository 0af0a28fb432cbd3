while (1) { Invoke-Step }
