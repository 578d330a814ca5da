"""Published cases of grave tax offenders (重大税收违法失信主体): entered, published, taken off by two officers."""
