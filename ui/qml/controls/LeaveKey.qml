import QtQuick
import Kiosk

// Sign out and erase; asks first.
Pill {
    framed: Theme.elder
    iconAfter: true
    iconName: Theme.elder ? "" : "exit"
    objectName: "leave"
    radius: Sizes.radiusButton
    strong: true
    text: Theme.elder ? Words.t["header.leave.elder"] : Words.t["header.leave"]
    visible: Flow.frame.canLeave
}
