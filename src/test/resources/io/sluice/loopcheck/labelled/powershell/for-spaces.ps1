for ( ; ; ) { Invoke-Step }
