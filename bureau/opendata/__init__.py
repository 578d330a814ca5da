"""数据开放 (plan action 14): de-identified sets of the bureau's books, with schema, licence, check and query."""
