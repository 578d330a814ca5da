def mrz_on(picture):
    return None
