import QtQuick
import QtQuick.Layouts
import Kiosk

// Why it was not good: any of a few words.
Pressable {
    id: root

    property var choice: ({})

    Accessible.role: Accessible.CheckBox
    implicitHeight: Math.max(Theme.elder ? 96 : Sizes.targetButton, implicitContentHeight + 28)
    leftPadding: 16
    objectName: "reason:" + (root.choice.id ?? "")
    rightPadding: 16
    text: root.choice.title ?? ""

    background: Rectangle {
        border.color: root.checked ? Theme.primary : Theme.outline
        border.width: root.checked ? 5 : 2
        color: root.checked || root.pressed ? Theme.primaryTint : Theme.surface
        radius: root.radius
    }
    contentItem: Item {
        implicitHeight: row.implicitHeight
        implicitWidth: row.implicitWidth

        RowLayout {
            id: row

            anchors.centerIn: parent
            spacing: 12
            width: Math.min(parent.width, implicitWidth)

            Icon {
                name: root.checked ? "check" : ""
                size: 36
                stroke: 5
            }
            Txt {
                Layout.fillWidth: true
                Layout.maximumWidth: Math.ceil(implicitWidth)
                font.pixelSize: Theme.elder ? Sizes.note : 30
                horizontalAlignment: Text.AlignHCenter
                leading: 1.3
                strong: root.checked
                text: root.text
            }
        }
    }
}
