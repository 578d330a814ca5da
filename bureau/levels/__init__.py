"""上下级机关: a centre below another tells it the sums of its days, and gets what that publishes for all (action 20).

Up go sums of nobody; down come notices and answers of the consultation. A province's centre stands above those of its
cities, and may itself stand below the national one: what it was told it tells on.
"""
