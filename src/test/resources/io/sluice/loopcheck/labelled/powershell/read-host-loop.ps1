do {
    $answer = Read-Host 'Continue? (y/n)'
} until ($answer -eq 'y' -or $answer -eq 'n')
