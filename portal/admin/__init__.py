"""Everything on screen: sqladmin's Admin with our templates, the generated lists and forms, and the desk."""
