$params = @{
    Uri        = 'https://example.com'
    TimeoutSec = 10
}
Invoke-RestMethod @params
