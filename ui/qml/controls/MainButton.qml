import QtQuick
import QtQuick.Layouts
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
        implicitHeight: row.implicitHeight
        implicitWidth: row.implicitWidth

        RowLayout {
            id: row

            anchors.centerIn: parent
            anchors.verticalCenterOffset: root.pressed ? 4 : 0
            spacing: 16
            width: Math.min(parent.width, implicitWidth)

            Icon {
                accent: color
                color: label.color
                name: root.iconName
                size: Math.round(root.fontSize * 1.33)
                stroke: 3
            }
            Txt {
                id: label

                Layout.fillWidth: true
                Layout.maximumWidth: Math.ceil(implicitWidth)
                color: root.enabled ? root.on : Theme.inkMuted
                font.letterSpacing: Words.lang.startsWith("zh") ? 1 : 0
                font.pixelSize: root.fontSize
                horizontalAlignment: Text.AlignHCenter
                leading: 1.3
                strong: true
                text: root.text
            }
            Icon {
                accent: color
                color: label.color
                name: root.arrow && !root.iconName ? "next" : ""
                size: Math.round(root.fontSize * 1.1)
                stroke: 5
            }
        }
    }
}
