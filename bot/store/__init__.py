"""All SQL: connections, transactions, migrations, and one module per noun."""
