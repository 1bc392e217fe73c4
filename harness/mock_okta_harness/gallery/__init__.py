"""`mock-okta gallery`: a picture of each screen of the real widget, reached as a user reaches it.

`classic` and `identity` hold the walks, as tables: a walk and the screens that it shows, in order.
`camera` takes the pictures, `command` writes them and their page. Nothing here judges a screen: a
screen that does not come is an error of its page object.
"""
