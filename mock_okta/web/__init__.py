"""HTTP code shared by features: errors, parameters, cookies, pages, routing, middleware."""
