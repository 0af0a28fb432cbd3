$calm = 0
do {
    Start-Sleep 5
    $load = (Get-CimInstance Win32_Processor).LoadPercentage
    if ($load -lt 20) { $calm++ } else { $calm = 0 }
} until ($calm -ge 3)
