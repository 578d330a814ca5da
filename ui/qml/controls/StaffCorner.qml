import QtQuick
import Kiosk

// The way in for staff: a finger held three seconds on the bureau's mark. A short touch is everybody's.
Pressable {
    id: root

    signal touched

    Accessible.ignored: true
    focusPolicy: Qt.NoFocus
    objectName: "staffCorner"
    text: Words.t["bench.mode"]

    onClicked: {
        if (!hold.done)
            root.touched();
        hold.done = false;
    }

    Timer {
        id: hold

        property bool done: false

        interval: Sizes.staffHoldMs
        running: root.pressed

        onTriggered: {
            hold.done = true;
            Staff.act("enter", "");
        }
    }
}
