"""The rules of pooling as pure Python: no `odoo` import, no database, no clock.

Models gather their data, call these modules and write the outcome; every function
here can be read, tested and reused alone. Bad input raises `ValueError` with a
sentence that says what is wrong, and the figure.
"""
