$page = 1
do {
    $answer = Invoke-RestMethod -Uri "$url?page=$page" -TimeoutSec 10
    $page++
} while ($answer.Count -eq 100)
