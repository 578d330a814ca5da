"""The consultation: the library looked up by words, and answers with their sources or an honest *I do not know*."""
