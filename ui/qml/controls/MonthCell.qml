pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk

// One month: chosen as first or last, or between them.
Pressable {
    id: root

    property var choice: ({})
    readonly property var tags: root.choice.tags ?? []
    property bool within: false

    Accessible.role: Accessible.CheckBox
    bottomPadding: 14
    implicitHeight: Theme.landscape ? (Theme.elder ? 148 : 128) : Theme.elder ? 164 : 148
    leftPadding: 8
    objectName: "option:" + (root.choice.id ?? "")
    radius: Sizes.radiusMain
    rightPadding: 8
    text: root.choice.title ?? ""
    topPadding: 14

    background: Rectangle {
        border.color: root.checked ? Theme.primary : root.within ? Theme.primary : Theme.line
        border.width: root.checked ? 0 : 2
        color: root.checked ? Theme.primary : root.within || root.pressed ? Theme.primaryTint : Theme.surface
        radius: root.radius
    }
    contentItem: ColumnLayout {
        spacing: 2

        Item {
            Layout.fillHeight: true
        }
        Txt {
            Layout.fillWidth: true
            color: root.checked ? Theme.onPrimary : Theme.ink
            font.pixelSize: Theme.elder ? 40 : 34
            horizontalAlignment: Text.AlignHCenter
            leading: 1.3
            strong: true
            text: root.text
        }
        RowLayout {
            Layout.alignment: Qt.AlignHCenter
            spacing: 8
            visible: root.tags.length > 0

            Icon {
                color: root.checked ? Theme.onPrimary : Theme.success
                accent: color
                name: "check"
                size: Theme.elder ? 32 : 26
                stroke: 5
            }
            Txt {
                color: root.checked ? Theme.onPrimary : Theme.success
                font.pixelSize: Sizes.smallest
                leading: 1.3
                text: root.tags[0] ?? ""
                wrapMode: Text.NoWrap
            }
        }
        Item {
            Layout.fillHeight: true
        }
    }
}
