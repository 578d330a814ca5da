"""Surveys (调查问卷): published by two officers, answered at terminals by nobody in particular, and counted."""
