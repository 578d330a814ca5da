import QtQuick
import Kiosk
import "../controls"

// One key of the staff's pages: what it does comes with the page.
SecondButton {
    id: root

    property var key: ({})

    blue: false
    enabled: root.key.enabled ?? true
    iconName: root.key.icon ?? ""
    objectName: "staff:" + (root.key.action ?? "") + (root.key.value ? ":" + root.key.value : "")
    opacity: enabled ? 1 : 0.6
    strong: true
    text: root.key.title ?? ""

    onClicked: Staff.act(root.key.action, root.key.value)
}
