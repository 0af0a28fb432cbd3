do {
    Invoke-Step
} until ($false)
