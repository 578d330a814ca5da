import QtQuick
import QtQuick.Layouts
import Kiosk

// What the device says now: turning, done, or wrong; with a calm word after it.
RowLayout {
    id: root

    property string detail
    property string phase: "waiting"
    property bool problem: false
    property string text

    spacing: 20

    Spinner {
        visible: !root.problem && (root.phase === "waiting" || root.phase === "working")
    }
    Icon {
        accent: color
        color: root.problem ? Theme.warningInk : Theme.success
        name: root.problem ? "warn" : root.phase === "done" ? "check" : ""
        size: 44
        stroke: root.problem ? 3.4 : 5
    }
    GridLayout {
        Layout.fillWidth: true
        columnSpacing: root.spacing
        columns: root.problem ? 1 : 2 // what is wrong has a line of its own
        rowSpacing: 4

        Txt {
            Layout.fillWidth: true
            Layout.maximumWidth: Math.ceil(implicitWidth)
            color: root.problem ? Theme.warningInk : root.phase === "done" ? Theme.success : Theme.ink
            font.pixelSize: Theme.elder ? Sizes.body : 30
            leading: 1.35
            objectName: "state"
            strong: true
            text: root.text
            visible: text !== ""
        }
        Txt {
            Layout.fillWidth: true
            color: Theme.inkMuted
            font.pixelSize: Theme.elder ? Sizes.note : 28
            leading: 1.35
            text: root.detail
            visible: text !== ""
        }
    }
}
