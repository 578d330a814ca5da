"""Tax-control devices (税控设备): what is due of one, its monthly report, and when it may be unlocked."""
