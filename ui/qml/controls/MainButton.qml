import QtQuick
import Kiosk

// The one main button: stands on an edge of pressed blue and goes down when pressed.
Pressable {
    id: root

    property bool arrow: true
    property string iconName
    property real edge: 6
    property int fontSize: Sizes.buttonMain
    property color ground: Theme.primary
    property color groundPressed: Theme.primaryPressed
    property color on: Theme.onPrimary

    bottomPadding: 12
    implicitHeight: Math.max(Sizes.targetMain, label.implicitHeight + 36)
    leftPadding: 36
    radius: Sizes.radiusMain
    rightPadding: 36
    topPadding: 12

    background: Item {
        Rectangle {
            color: root.groundPressed
            height: parent.height
            radius: root.radius
            visible: root.enabled
            width: parent.width
            y: root.edge
        }
        Rectangle {
            border.color: Theme.outline
            border.width: root.enabled ? 0 : 2
            color: !root.enabled ? Theme.sunk : root.pressed ? root.groundPressed : root.ground
            height: parent.height
            radius: root.radius
            width: parent.width
            y: root.pressed ? 4 : 0
        }
    }
    contentItem: Item {
        id: content

        readonly property real beside: (before.visible ? before.width + row.spacing : 0) + (after.visible ? after.width + row.spacing : 0)

        implicitHeight: row.implicitHeight
        implicitWidth: Math.ceil(unbroken.implicitWidth) + content.beside

        Text {
            id: unbroken

            font: label.font
            text: root.text
            textFormat: Text.PlainText
            visible: false
        }
        // A row and not a layout: words that break make it lay out anew while it does, and it gives up.
        Row {
            id: row

            anchors.centerIn: parent
            anchors.verticalCenterOffset: root.pressed ? 4 : 0
            spacing: 16

            Icon {
                id: before

                accent: color
                anchors.verticalCenter: parent.verticalCenter
                color: label.color
                name: root.iconName
                size: Math.round(root.fontSize * 1.33)
                stroke: 3
            }
            Txt {
                id: label

                anchors.verticalCenter: parent.verticalCenter
                color: root.enabled ? root.on : Theme.inkMuted
                font.letterSpacing: Words.lang.startsWith("zh") ? 1 : 0
                font.pixelSize: root.fontSize
                horizontalAlignment: Text.AlignHCenter
                leading: 1.3
                strong: true
                text: root.text
                width: Math.max(0, Math.min(Math.ceil(unbroken.implicitWidth), content.width - content.beside))
            }
            Icon {
                id: after

                accent: color
                anchors.verticalCenter: parent.verticalCenter
                color: label.color
                name: root.arrow && !root.iconName ? "next" : ""
                size: Math.round(root.fontSize * 1.1)
                stroke: 5
            }
        }
    }
}
