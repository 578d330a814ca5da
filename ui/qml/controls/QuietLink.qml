import QtQuick
import QtQuick.Layouts
import Kiosk

// A way off the main road: bold blue words, no box.
Pressable {
    id: root

    property int fontSize: Sizes.button
    property string iconName
    property string lead
    property bool low: false
    property bool toTheRight: false

    implicitHeight: Math.max(root.low ? Sizes.targetMinimum : Sizes.targetButton, row.implicitHeight + 16)
    leftPadding: 12
    rightPadding: 12

    background: Rectangle {
        color: root.pressed ? Theme.primaryTint : "transparent"
        radius: root.radius
    }
    contentItem: Item {
        implicitHeight: row.implicitHeight
        implicitWidth: row.implicitWidth

        RowLayout {
            id: row

            anchors.left: root.toTheRight ? undefined : parent.left
            anchors.right: root.toTheRight ? parent.right : undefined
            anchors.verticalCenter: parent.verticalCenter
            spacing: 14
            width: Math.min(parent.width, implicitWidth)

            Icon {
                name: root.iconName
                size: Math.round(root.fontSize * 1.33)
                stroke: 3.2
            }
            Txt {
                Layout.fillWidth: true
                Layout.maximumWidth: Math.ceil(implicitWidth)
                color: Theme.inkMuted
                font.pixelSize: Math.round(root.fontSize * 0.93)
                leading: 1.3
                text: root.lead
                visible: root.lead !== ""
            }
            Txt {
                Layout.fillWidth: true
                Layout.maximumWidth: Math.ceil(implicitWidth)
                color: Theme.primary
                font.pixelSize: root.fontSize
                leading: 1.3
                strong: true
                text: root.text
            }
        }
    }
}
