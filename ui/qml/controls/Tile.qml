import QtQuick
import QtQuick.Layouts
import QtQuick.Shapes
import Kiosk

// A service: large (blue, serif) or small; in elder mode one a row. What does not work now is dashed and says why.
Pressable {
    id: root

    property var choice: ({})
    property bool large: false
    readonly property bool closed: !(root.choice.enabled ?? true)
    readonly property bool elder: Theme.elder
    readonly property bool filled: root.large && !root.closed && !root.elder
    readonly property string reason: root.choice.reason ?? ""
    readonly property color titleColour: root.filled ? Theme.onPrimary : root.closed ? Theme.inkMuted : Theme.ink

    Accessible.description: root.reason
    bottomPadding: root.large && !root.elder ? 26 : 20
    implicitHeight: Math.max(root.large ? Sizes.tileLargeHeight : Sizes.tileHeight, implicitContentHeight + topPadding + bottomPadding)
    leftPadding: root.elder ? (Theme.landscape ? 28 : 40) : root.large ? 34 : 28
    objectName: "tile:" + (root.choice.id ?? "")
    radius: Sizes.radiusCard
    rightPadding: root.elder ? (Theme.landscape ? 24 : 40) : root.large ? 32 : 24
    text: root.choice.title ?? ""
    topPadding: root.large && !root.elder ? 32 : 20

    background: Item {
        Rectangle {
            color: Theme.primaryPressed
            height: parent.height
            radius: root.radius
            visible: root.filled
            width: parent.width
            y: 6
        }
        Rectangle {
            border.color: root.elder ? Qt.tint(Theme.line, Qt.alpha(Theme.outline, 0.4)) : Theme.line
            border.width: root.filled ? 0 : root.elder ? 3 : 2
            color: root.filled ? (root.pressed ? Theme.primaryPressed : Theme.primary) : root.pressed ? Theme.primaryTint : Theme.surface
            height: parent.height
            radius: root.radius
            visible: !root.closed
            width: parent.width
            y: root.pressed && root.filled ? 4 : 0
        }
        Shape {
            anchors.fill: parent
            preferredRendererType: Shape.CurveRenderer
            visible: root.closed

            ShapePath {
                dashPattern: [3, 3]
                fillColor: root.pressed ? Theme.sunk : "transparent"
                strokeColor: Theme.outline
                strokeStyle: ShapePath.DashLine
                strokeWidth: 2

                PathRectangle {
                    height: root.height - 2
                    radius: root.radius
                    width: root.width - 2
                    x: 1
                    y: 1
                }
            }
        }
    }
    contentItem: GridLayout {
        columnSpacing: root.elder ? (Theme.landscape ? 28 : 40) : 26
        columns: root.large && !root.elder ? 1 : 3
        rowSpacing: 0

        Icon {
            Layout.alignment: root.large && !root.elder ? Qt.AlignTop | Qt.AlignLeft : Qt.AlignVCenter
            accent: root.closed ? Theme.outline : root.filled ? Theme.warning : Theme.seal
            color: root.closed ? Theme.outline : root.filled ? Theme.onPrimary : Theme.primary
            name: root.choice.icon ?? ""
            size: root.elder ? (Theme.landscape ? 88 : 104) : root.large ? 92 : 72
        }
        Item {
            Layout.fillHeight: true
            visible: root.large && !root.elder
        }
        ColumnLayout {
            Layout.alignment: root.large && !root.elder ? Qt.AlignBottom : Qt.AlignVCenter
            spacing: 0

            Title {
                Layout.fillWidth: true
                color: root.titleColour
                largest: Sizes.tileLarge
                smallest: 36
                text: root.text
                visible: root.large && !root.elder
            }
            Txt {
                Layout.fillWidth: true
                color: root.titleColour
                font.pixelSize: root.elder && Theme.landscape ? 44 : Sizes.tile
                leading: 1.32
                strong: true
                text: root.text
                visible: !root.large || root.elder
            }
            Txt {
                Layout.fillWidth: true
                color: root.reason ? (root.filled ? Theme.onPrimary : Theme.warningInk) : root.filled ? Theme.onPrimaryMuted : Theme.inkMuted
                font.pixelSize: root.elder ? (Theme.landscape ? 34 : 38) : Sizes.note
                leading: 1.4
                strong: root.reason !== ""
                text: root.reason || (root.choice.note ?? "")
                visible: text !== ""
            }
        }
        Icon {
            Layout.alignment: Qt.AlignRight | Qt.AlignVCenter
            color: root.closed ? Theme.outline : Theme.primary
            name: root.elder ? "next" : ""
            size: Theme.landscape ? 44 : 56
            stroke: 5
        }
    }
}
