"""Service of official documents (税务文书送达): 税收征收管理法实施细则 arts. 101 to 106."""
