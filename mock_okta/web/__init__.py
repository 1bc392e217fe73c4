"""HTTP plumbing that features share: errors, parameters, cookies, pages, routing, middleware."""
